/** What is decided of classes of data: where models may read them, and how long an agent's memory may keep them. */
export type DataRules = {
  readonly version: 1
  readonly classes: readonly DataClass[]
  /** Where hosts of models are. One that no line names is in no region. */
  readonly endpoints: readonly ModelEndpoint[]
  /** Memories that can be told to forget one item; of others what has expired is only withheld. */
  readonly memories?: readonly MemoryTools[]
}

/** Tools of a memory, as its MCP server names itself and them. */
export type MemoryTools = {
  readonly server: string
  /** The tool that remembers, and its argument that names the item. */
  readonly write: string
  readonly id: string
  /** The tool that forgets the item which that same argument names. */
  readonly delete: string
}

export type DataClass = {
  /** As entries of the roster and requests name it. */
  readonly name: string
  /** Its data goes to models in these regions alone; absent: in any. */
  readonly regions?: readonly string[]
  /** RE2: a text in which one of them is found is of this class, whether anybody labelled it or not. */
  readonly found?: readonly string[]
  /** It is not remembered unless `keepDays` says for how long. */
  readonly regulated?: boolean
  /** Days that an agent's memory may keep it. */
  readonly keepDays?: number
}

export type ModelEndpoint = {
  /** Host name, with `:port` where that matters. */
  readonly host: string
  readonly region: string
}

/** Whether data with these labels may go to a host. `region` is undefined where no line names the host. */
export type RouteJudgement =
  | { readonly status: 'allowed' }
  | { readonly status: 'refused'; readonly label: string; readonly region: string | undefined; readonly reason: string }

/** Searches a text for a pattern of RE2, in linear time. */
export type Finds = (pattern: string, text: string) => boolean

/** Classes whose patterns are found in one of the texts. */
export function classesIn({ classes }: DataRules, texts: readonly string[], finds: Finds): readonly string[] {
  return classes
    .filter(({ found = [] }) => found.some((pattern) => texts.some((text) => finds(pattern, text))))
    .map(({ name }) => name)
}

/** The first label that may not go there. A label that no rule knows may go nowhere: it could be any. Pure. */
export function judgeRoute(rules: DataRules, labels: readonly string[], host: string): RouteJudgement {
  const region = regionOfHost(rules, host)
  for (const label of labels) {
    const known = rules.classes.find(({ name }) => name === label)
    if (known === undefined) return { status: 'refused', label, region, reason: `no rule knows the class ${label}` }
    const { regions } = known
    if (regions === undefined || (region !== undefined && regions.includes(region))) continue
    const where = region === undefined ? 'in no region that a rule names' : `in ${region}`
    return {
      status: 'refused',
      label,
      region,
      reason: `${label} stays in ${regions.join(', ')}, and ${host} is ${where}`,
    }
  }
  return { status: 'allowed' }
}

/** Region of a host, with its port or without; undefined where no line names it. */
export function regionOfHost({ endpoints }: DataRules, host: string): string | undefined {
  const asked = host.toLowerCase()
  const bare = asked.replace(/:\d+$/, '')
  return (endpoints.find((one) => one.host === asked) ?? endpoints.find((one) => one.host === bare))?.region
}

/** Why a text may not be remembered, or may no longer; and what became of it in the memory once its time was over. */
export type MemoryFault = 'unlabelled' | 'no-rule' | 'unknown-class' | 'expired' | 'purged' | 'not-purged'

export type MemoryJudgement =
  /** `keepDays` is the shortest of its classes; undefined where none of them ends. */
  | { readonly status: 'kept'; readonly label?: string; readonly keepDays?: number }
  | { readonly status: 'refused'; readonly fault: MemoryFault; readonly label: string; readonly reason: string }

/**
 * Whether a text may be remembered, by the classes that its writer states and those that are found in it. What is regulated
 * is stated, and has a rule that says for how long; what only shows itself is not remembered. Pure.
 */
export function judgeMemory(
  { classes }: DataRules,
  { stated, found }: { readonly stated: readonly string[]; readonly found: readonly string[] },
): MemoryJudgement {
  const refused = (fault: MemoryFault, label: string, reason: string): MemoryJudgement => ({
    status: 'refused',
    fault,
    label,
    reason,
  })
  const labels = [...new Set([...stated, ...found])]
  let kept: MemoryJudgement & { readonly status: 'kept' } = { status: 'kept' }
  for (const label of labels) {
    const known = classes.find(({ name }) => name === label)
    if (known === undefined) return refused('unknown-class', label, `no rule knows the class ${label}`)
    const { regulated = false, keepDays } = known
    if (regulated && !stated.includes(label))
      return refused('unlabelled', label, `it is of the regulated class ${label}, and is not labelled so`)
    if (regulated && keepDays === undefined)
      return refused('no-rule', label, `${label} is regulated, and no rule says how long it may be remembered`)
    if (keepDays !== undefined && keepDays < (kept.keepDays ?? Infinity)) kept = { status: 'kept', label, keepDays }
  }
  return kept
}
