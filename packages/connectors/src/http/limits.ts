/** One request from name to answer: the services meant here answer in a second, and a channel waits for no more than this. */
export const REQUEST_MS = 10_000
/** Of an answer; what is needed of it is an id and a reason. */
export const ANSWER_BYTES = 256 * 1024
/** Addresses of one name that are looked at; all of them have to be allowed. */
export const ADDRESSES_OF_NAME = 32
