/** How a value of a selection is compared with a field. */
export type Comparison = {
  readonly kind:
    | 'equals'
    | 'contains'
    | 'startswith'
    | 'endswith'
    | 're'
    | 'cidr'
    | 'exists'
    | 'fieldref'
    | 'gt'
    | 'gte'
    | 'lt'
    | 'lte'
    | 'neq'
  /** Every value must be met, not one of them. */
  readonly isAll: boolean
  /** Letters count as they are. */
  readonly isCased: boolean
  readonly isWindash: boolean
  readonly base64?: 'plain' | 'offset'
  /** Flags of a regular expression: `i`, `m`, `s`. */
  readonly flags: string
}

const KINDS = [
  'contains',
  'startswith',
  'endswith',
  're',
  'cidr',
  'exists',
  'fieldref',
  'gt',
  'gte',
  'lt',
  'lte',
  'neq',
] as const
const OTHERS = ['all', 'cased', 'windash', 'base64', 'base64offset', 'i', 'm', 's'] as const
/** Of Sigma, and not to be had here, with the reason. */
const REFUSED: Readonly<Record<string, string>> = {
  expand: 'placeholders are filled in by a pipeline, and there is none here',
  wide: 'texts are UTF-8 here',
  utf16: 'texts are UTF-8 here',
  utf16le: 'texts are UTF-8 here',
  utf16be: 'texts are UTF-8 here',
  minute: 'times are not split here',
  hour: 'times are not split here',
  day: 'times are not split here',
  week: 'times are not split here',
  month: 'times are not split here',
  year: 'times are not split here',
}

/** Names that `modifiersOf` knows. */
export const MODIFIERS: readonly string[] = [...KINDS, ...OTHERS]

/** Reads the modifiers of a field; the sentence that says what is wrong with them. */
export function comparisonOf(names: readonly string[]): Comparison | string {
  let kind: Comparison['kind'] = 'equals'
  let base64: Comparison['base64']
  let flags = ''
  const set = new Set<string>()
  for (const name of names) {
    const own = KINDS.find((known) => known === name)
    if (own !== undefined) {
      if (kind !== 'equals') return `"${kind}" and "${own}" do not go together`
      kind = own
    } else if (name === 'base64' || name === 'base64offset') base64 = name === 'base64' ? 'plain' : 'offset'
    else if (name === 'i' || name === 'm' || name === 's') flags += name
    else if (name === 'all' || name === 'cased' || name === 'windash') set.add(name)
    else {
      const reason = REFUSED[name]
      return reason === undefined
        ? `there is no modifier "${name}"`
        : `the modifier "${name}" is not supported: ${reason}`
    }
  }
  if (flags !== '' && kind !== 're') return `"${flags}" goes with "re" alone`
  if (base64 === 'offset' && kind !== 'contains') return '"base64offset" goes with "contains" alone'
  const isText = kind === 'equals' || kind === 'contains' || kind === 'startswith' || kind === 'endswith'
  if (!isText && (set.has('windash') || base64 !== undefined || (set.has('cased') && kind !== 'fieldref')))
    return `"${kind}" takes no modifier that changes a text`
  return {
    kind,
    isAll: set.has('all'),
    isCased: set.has('cased'),
    isWindash: set.has('windash'),
    flags,
    ...(base64 === undefined ? {} : { base64 }),
  }
}
