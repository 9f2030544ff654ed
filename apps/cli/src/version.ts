/** Version of the product; the same in every package.json (version.test.ts). */
export const VERSION = '0.1.0'
