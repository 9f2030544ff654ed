type Fields = Readonly<Record<string, unknown>>

/** What a rule of Docker may ask about. */
export type Machine = {
  /** As `uname -m` says. */
  readonly architecture: 'x86_64' | 'aarch64'
  /** `6.1.0`. */
  readonly kernel: string
  /** Those that the program is run with. */
  readonly capabilities: readonly string[]
}

type Fault = (where: string, what: string) => never

const NAMES = {
  x86_64: { scmp: 'SCMP_ARCH_X86_64', docker: 'amd64' },
  aarch64: { scmp: 'SCMP_ARCH_AARCH64', docker: 'arm64' },
} as const

const RULE = ['names', 'name', 'action', 'errnoRet', 'args']
const CONDITIONS = ['comment', 'includes', 'excludes']

/**
 * The rules that hold on this machine, with their place in the profile: those of Docker's whose `includes` all hold and of
 * whose `excludes` none does, as Docker itself decides it.
 */
export function reduceDocker(given: {
  readonly archMap: unknown
  readonly rules: readonly Fields[]
  readonly machine: Machine
  readonly fault: Fault
}): {
  readonly architectures?: readonly unknown[]
  readonly rules: readonly { readonly rule: Fields; readonly at: number }[]
} {
  const { archMap, machine, fault } = given
  const rules = given.rules.flatMap((rule, at) => {
    const where = `syscalls[${at}]`
    for (const name of Object.keys(rule))
      if (![...RULE, ...CONDITIONS].includes(name)) fault(where, `has a field ${JSON.stringify(name)}`)
    const included = conditionsOf(rule['includes'], { where: `${where}.includes`, machine, fault })
    const excluded = conditionsOf(rule['excludes'], { where: `${where}.excludes`, machine, fault })
    return included.every(Boolean) && !excluded.some(Boolean) ? [{ rule, at }] : []
  })
  if (archMap === undefined) return { rules }
  if (!Array.isArray(archMap)) return fault('archMap', 'is no list')
  const own = (archMap as readonly unknown[]).find(
    (one): one is Fields =>
      typeof one === 'object' &&
      one !== null &&
      'architecture' in one &&
      one.architecture === NAMES[machine.architecture].scmp,
  )
  if (own === undefined) return fault('archMap', `does not name ${NAMES[machine.architecture].scmp}`)
  const below = own['subArchitectures'] ?? []
  if (!Array.isArray(below)) return fault('archMap', 'subArchitectures is no list')
  return { architectures: [own['architecture'], ...(below as readonly unknown[])], rules }
}

/** One for each thing that is asked, and whether it holds. */
function conditionsOf(
  given: unknown,
  { where, machine, fault }: { readonly where: string; readonly machine: Machine; readonly fault: Fault },
): readonly boolean[] {
  if (given === undefined || given === null) return []
  if (typeof given !== 'object' || Array.isArray(given)) return fault(where, 'is no object')
  return Object.entries(given).flatMap(([name, asked]: readonly [string, unknown]): readonly boolean[] => {
    if (name === 'minKernel') {
      if (typeof asked !== 'string' || !/^\d+\.\d+$/.test(asked)) return fault(where, 'minKernel is no X.Y')
      return [isAtLeast(machine.kernel, asked)]
    }
    if (name !== 'caps' && name !== 'arches') return fault(where, `asks for ${JSON.stringify(name)}`)
    if (!Array.isArray(asked)) return fault(where, `${name} is no list`)
    const words = asked as readonly unknown[]
    if (words.length === 0) return []
    // Of several capabilities each is asked for; of several architectures one must be the machine's.
    if (name === 'caps') return words.map((word) => machine.capabilities.some((held) => held === word))
    return [words.includes(NAMES[machine.architecture].docker)]
  })
}

function isAtLeast(kernel: string, asked: string): boolean {
  const [major = 0, minor = 0] = kernel.split('.').map((part) => Number.parseInt(part, 10))
  const [askedMajor = 0, askedMinor = 0] = asked.split('.').map(Number)
  return major > askedMajor || (major === askedMajor && minor >= askedMinor)
}
