/** Channels of one server: each is a queue and a line of its own. */
export const CHANNELS = 50
/** Ranges that one channel may reach beyond the internet at large. */
export const RANGES_OF_CHANNEL = 50
/** Slack users who may approve: more than any rota has. */
export const SLACK_USERS = 500
/** Characters of a secret as it stands in a file or a variable. */
export const SECRET_CHARACTERS = 8_192
