import fc from 'fast-check'

// A property that failed is tried again as it was: with the seed that the run had, or was given.
const seed = process.env['HOLDFAST_SEED']
if (seed !== undefined) fc.configureGlobal({ seed: Number(seed) })
