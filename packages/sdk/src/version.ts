/** Stands as the version of the scope on every exported batch. */
export const SDK_VERSION = '0.1.0'
