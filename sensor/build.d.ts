/** Debian packages that must be installed before `buildSensor` can work; empty where all are. */
export function missingPackages(): string[]

/** Where the loader lies once it is built. */
export const loaderPath: string

/** True where what is built is of today's sources. */
export function isBuilt(): boolean

/** Builds what is not of today's sources. Throws an Error that says what failed. */
export function buildSensor(): void
