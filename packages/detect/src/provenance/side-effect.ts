/**
 * `egress`: what is read is asked for at an address that the call is given, and something is told to it. `visit`: the same, but nothing
 * except the address itself goes there.
 */
export type Effect = 'write' | 'egress' | 'visit' | 'read'

const READS = new Set(
  `get read list search find fetch recall recollect lookup view show query describe check see browse count calculate compute summarize summarise analyze
analyse retrieve load inspect select filter sort compare estimate verify_status status help current today now is has exists preview scan
tail head cat ls grep whoami explain think reason plan translate parse validate`.split(/\s+/),
)
const WRITES = new Set(
  `send create add update delete remove write post put patch set insert append modify edit change pay transfer wire refund buy order purchase
checkout book reserve cancel schedule reschedule invite share publish upload submit forward reply email mail message notify call execute run exec
shell bash python install deploy grant revoke approve reject move rename copy archive assign attach subscribe unsubscribe register login
logout reset enable disable start stop restart kill save store commit push merge close open_pr upsert import export download apply request
issue charge withdraw deposit donate redeem confirm accept decline unlock lock clear empty drop truncate alter delegate handoff verify`.split(
    /\s+/,
  ),
)

/** A query or a fragment carries what the sender likes; so does a path of a size that no page has. */
const TELLS = /(?:https?:\/\/|www\.)[^\s"'?#]{0,2000}[?#]|(?:https?:\/\/|www\.)[^\s"']{120}/i
const URL = /(?:^|["'\s=])(?:https?:\/\/|www\.)[^\s"']{4,}/i

/**
 * Whether a call changes the world beyond the agent, by the verb of its name (`send_money`, `mail.Send`, `cart-add-product`); a call that is given an address to
 * open may carry data there, whatever its verb. A name that says nothing counts as a write: nobody declared it harmless.
 */
export function effectOf(tool: string, args: string): Effect {
  const words = nameWords(tool)
  const verb = words.find((word) => READS.has(word) || WRITES.has(word))
  if (verb !== undefined && WRITES.has(verb)) return 'write'
  if (URL.test(args)) return verb !== undefined && !TELLS.test(args) ? 'visit' : 'egress'
  return verb === undefined ? 'write' : 'read'
}

const SENDS = new Set(
  `send export upload publish share post push submit forward reply email mail message notify`.split(/\s+/),
)

/**
 * Whether a call by its name carries what it is given to others: it exports, uploads, mails, posts. That is egress too, however the
 * place is called that it goes to.
 */
export function carriesOut(tool: string): boolean {
  const verb = nameWords(tool).find((word) => READS.has(word) || WRITES.has(word) || SENDS.has(word))
  return verb !== undefined && SENDS.has(verb)
}

/** The words of a tool's name: `sendMoney`, `send_money` and `payments.send-money` give the same. */
export function nameWords(tool: string): readonly string[] {
  return tool
    .replaceAll(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
}
