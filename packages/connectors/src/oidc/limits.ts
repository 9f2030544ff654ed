/** Characters of the name of a claim. */
export const CLAIM_CHARACTERS = 200
/** Characters of a value of a claim that can give anything; a longer one is nobody's group. */
export const VALUE_CHARACTERS = 300
/** Values that are mapped: more groups than an operator can keep in mind. */
export const MAPPED_VALUES = 200
/** Characters of a subject, as OpenID Connect bounds it. */
export const SUBJECT_CHARACTERS = 255
/** Characters of what a provider calls somebody; a longer one is no name. */
export const NAME_CHARACTERS = 200
/** What a provider says of itself counts so long: its keys are read anew at each sign-in. */
export const METADATA_MS = 10 * 60 * 1000
