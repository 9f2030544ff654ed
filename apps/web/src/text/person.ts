/** Of the one token of a data folder, as the log has it: whoever holds it, on the machine of the server. No account has this name. */
const FOLDER_TOKEN = 'token'

/** Who did something, as a person says it; `name`: of an account, as it is recorded, so as hostile as any text. */
export function personWords(name: string): string {
  return name === FOLDER_TOKEN ? "the person with this machine's token" : name
}
