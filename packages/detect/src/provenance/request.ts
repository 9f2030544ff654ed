import { MAX_PEOPLE, MAX_USER_CHARS } from '../limits.ts'
import { tokensOf } from '../text/words.ts'
import { deedsIn } from './deeds.ts'

const HANDS_OVER =
  /\b(?:do|perform|complete|execute|carry out|follow|fulfil+|handle|take care of|act on|implement|address|process|apply|comply with)\b[^.?!]{0,60}\b(?:instruction|task|action|step|request|to-?do|item|ask|direction|what|everything|all|accordingly|guide|procedure|says?|asks?|mention|list|describ)|\baccordingly\b|\b(?:as|what|whatever|everything)\b[^.?!]{0,40}\b(?:says?|asks?|instruct|describ|mention|request|list|specif|state|need|want)/i
const QUOTED = /["'“‘]([^"'”’]{3,120})["'”’]/g
const ADDRESS = /[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}.-]{1,128}/gu
/** A capital in the middle of a sentence is a name. */
const NAME = /(?<=[\p{Ll},'"]\s{1,4}['"]?)\p{Lu}\p{Ll}{2,}/gu

/** What the owner of the task asked for, read once for all calls. */
export class Request {
  /** Forms of the owner's words. */
  readonly asked = new Set<string>()
  /** Deeds that the owner asked for. */
  readonly deeds = new Set<string>()
  readonly texts: string[] = []
  /** Addresses, files, ids that the owner named. */
  readonly identifiers = new Set<string>()
  /** What the owner put in quotes, lower case, addresses left out. */
  readonly titles: string[] = []
  /** Names and addresses of people, lower case. */
  readonly people: string[] = []
  /** The owner leaves the decision to a text: "do what the mail from Sarah says". */
  handsOver = false
  #chars = 0

  add(text: string, forms: ReadonlySet<string>): void {
    this.texts.push(text)
    for (const form of forms) this.asked.add(form)
    const read = text.slice(0, MAX_USER_CHARS - this.#chars)
    this.#chars += read.length
    for (const deed of deedsIn(read)) this.deeds.add(deed)
    for (const { form, kind } of tokensOf(read)) if (kind === 'identifier') this.identifiers.add(form)
    for (const [, title = ''] of read.matchAll(QUOTED)) if (!title.includes('@')) this.titles.push(title.toLowerCase())
    for (const [address] of read.matchAll(ADDRESS)) this.#meet(address)
    for (const [name] of read.matchAll(NAME)) this.#meet(name)
    this.handsOver ||= HANDS_OVER.test(read)
  }

  #meet(person: string): void {
    if (this.people.length < MAX_PEOPLE) this.people.push(person.toLowerCase())
  }
}
