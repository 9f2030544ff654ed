import type { Check } from '@holdfast/api'

/** A check before it is put into its group. */
export type FoundCheck = Omit<Check, 'group'>
