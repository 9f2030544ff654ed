import { hash } from 'node:crypto'
import type { InventoryFindingWire } from '@holdfast/api'
import { DIRECTORY_SUBJECTS } from '@holdfast/capture'
import type { EventSummary } from '@holdfast/model'
import type { DirectoryDoc, InventoryAgent, Word } from './docs.ts'
import { NAMES_OF_A_DIRECTORY } from './limits.ts'
import { timeText } from './wire.ts'

type Change = Extract<EventSummary['body'], { readonly kind: 'change' }>

/** Folds what was done to an application: the later word stands, in whatever order the two came. */
export function addDirectoryChange(agent: InventoryAgent, event: EventSummary, { subject, from, to }: Change): void {
  const word: Word = { is: to !== undefined, at: event.claimedAt.toString(), entry: event.entry }
  const name = to ?? from ?? ''
  agent.directory ??= { added: null, owners: {}, permissions: {} }
  const { directory } = agent
  switch (subject) {
    case DIRECTORY_SUBJECTS.added:
      directory.added = later(directory.added ?? undefined, word)
      return
    case DIRECTORY_SUBJECTS.owner:
      keep(directory.owners, name, word)
      return
    case DIRECTORY_SUBJECTS.permission:
      keep(directory.permissions, name, word)
  }
}

/** Why an application is one that people want to know of: it may do something, or nobody answers for it. */
export function standingOf(directory: DirectoryDoc | undefined): {
  readonly permissions: readonly (readonly [string, Word])[]
  /** Whether the log shows that it was made and who owns it: without its making nothing is said of owners. */
  readonly isOwnerless: boolean
} {
  const { added, owners = {}, permissions = {} } = directory ?? {}
  if (added?.is === false) return { permissions: [], isOwnerless: false }
  return {
    permissions: Object.entries(permissions).filter(([, { is }]) => is),
    isOwnerless: added?.is === true && !Object.values(owners).some(({ is }) => is),
  }
}

/** An application grant and a service principal without an owner, each by the entries that show it. */
export function directoryFindings(
  { id, name, directory, isDeclared }: InventoryAgent,
  instant: { readonly at: bigint; readonly size: number },
): readonly InventoryFindingWire[] {
  if (directory === undefined || isDeclared) return []
  const { permissions, isOwnerless } = standingOf(directory)
  const finding = (what: string, words: readonly Word[], title: string, detail: string): InventoryFindingWire[] => {
    const since = words.map(({ at }) => BigInt(at)).reduce((a, b) => (a < b ? a : b))
    const proof = [...new Set(words.map(({ entry }) => entry))].toSorted((a, b) => a - b)
    if (since > instant.at || proof.every((entry) => entry >= instant.size)) return []
    const idOf = hash('sha256', `${what}\n${id}`, 'hex').slice(0, 24)
    return [
      { id: `unknown-agent:${idOf}`, kind: 'unknown-agent', agent: id, title, detail, since: timeText(since), proof },
    ]
  }
  const granted = permissions.map(([permission]) => permission).toSorted()
  return [
    ...(permissions.length === 0
      ? []
      : finding(
          'grant',
          permissions.map(([, word]) => word),
          `${name} was granted ${granted.join(', ')} and nobody declared it`,
          'an application of the directory, by its object id; what it does with the grant only the logs of the service show',
        )),
    ...(isOwnerless && directory.added !== null
      ? finding(
          'ownerless',
          [directory.added, ...Object.values(directory.owners)],
          `${name} is a service principal without an owner`,
          'since it was added nobody has been made its owner, or nobody is any more',
        )
      : []),
  ]
}

function later(known: Word | undefined, word: Word): Word {
  if (known === undefined) return word
  const [a, b] = [BigInt(known.at), BigInt(word.at)]
  return b > a || (b === a && word.entry > known.entry) ? word : known
}

/** Of more names than are kept the least by text stay, so that the same ones do whatever came first. */
function keep(words: Record<string, Word>, name: string, word: Word): void {
  const known = Object.hasOwn(words, name) ? words[name] : undefined
  if (known === undefined && Object.keys(words).length >= NAMES_OF_A_DIRECTORY) {
    const greatest = Object.keys(words).reduce((a, b) => (a > b ? a : b))
    if (name > greatest) return
    delete words[greatest]
  }
  // Defined, not set: a permission may be called `__proto__`.
  const value = later(known, word)
  Object.defineProperty(words, name, { value, enumerable: true, configurable: true, writable: true })
}
