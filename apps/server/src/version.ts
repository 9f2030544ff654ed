/** Version of the product, as records, metrics and the API state it. */
export const VERSION = '0.1.0'
