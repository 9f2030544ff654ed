import type { Hold } from '../hold.ts'
import { holdSchema } from '../hold.ts'
import { TAG_CHARACTERS } from './limits.ts'

/** One hold as it stands in the tags of a role or user. */
export type TaggedHold = Hold & {
  readonly id: string
  /** What is held of it: a key of a user, the boundary that was put on a role. */
  readonly on?: string
}

type Tag = { readonly Key?: string | undefined; readonly Value?: string | undefined }

const HOLD_PREFIX = 'holdfast:hold:'
const BEFORE_PREFIX = 'holdfast:before:'
const ON_PREFIX = 'holdfast:on:'

/** Values of tags know no quotation marks: `incident deed expires key`, and beside it what is held and what was there before. */
export function tagsOf({
  id,
  incident,
  deed,
  expires,
  key,
  before,
  on,
}: TaggedHold): readonly Required<Tag>[] | undefined {
  const tags = [
    { Key: `${HOLD_PREFIX}${id}`, Value: [incident, deed, expires, key].join(' ') },
    ...(before === undefined ? [] : [{ Key: `${BEFORE_PREFIX}${id}`, Value: String(before) }]),
    ...(on === undefined ? [] : [{ Key: `${ON_PREFIX}${id}`, Value: on }]),
  ]
  return tags.every(({ Value }) => Value.length <= TAG_CHARACTERS) ? tags : undefined
}

export function tagKeysOf(id: string): string[] {
  return [HOLD_PREFIX, BEFORE_PREFIX, ON_PREFIX].map((prefix) => `${prefix}${id}`)
}

/** The holds that stand in tags. Others can write tags too: what does not read as a hold is none. */
export function holdsIn(tags: readonly Tag[]): readonly TaggedHold[] {
  const valueOf = (key: string) => tags.find(({ Key }) => Key === key)?.Value
  return tags.flatMap(({ Key = '', Value = '' }) => {
    if (!Key.startsWith(HOLD_PREFIX)) return []
    const id = Key.slice(HOLD_PREFIX.length)
    const [incident, deed, expires, key] = Value.split(' ')
    const before = valueOf(`${BEFORE_PREFIX}${id}`)
    const on = valueOf(`${ON_PREFIX}${id}`)
    const parsed = holdSchema.safeParse({ incident, deed, expires, key, ...(before === undefined ? {} : { before }) })
    return parsed.success ? [{ ...parsed.data, id, ...(on === undefined ? {} : { on }) }] : []
  })
}
