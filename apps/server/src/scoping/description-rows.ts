import { approvalKey, approvedOf, explained, type Part, type RosterState } from '@holdfast/declare'
import type { LogReader } from '@holdfast/recorder'
import type { AgentInventory } from '../inventory/bom.ts'
import { toolTextAt } from '../inventory/tool-text.ts'
import { timeText } from '../inventory/wire.ts'
import type { DescriptionRow } from './audit-answer.ts'

type Sources = { readonly reader: LogReader; readonly roster: RosterState }

/**
 * Every tool description that an agent was shown, as it is now, with the one before it where it changed, who changed it as far as a
 * system recorded it, and whether somebody approved it.
 */
export function descriptionRows(
  inventory: AgentInventory,
  { reader, roster }: Sources,
): readonly Omit<DescriptionRow, 'key' | 'agent'>[] {
  const told = inventory
    .parts()
    .filter(
      ({ component, sights }) =>
        component.kind === 'tool' && component.digest !== undefined && sights.loaded !== undefined,
    )
  const slots = Map.groupBy(told, ({ component }) => component.slot ?? `${component.name}`)
  const offered = new Set(told.flatMap(({ component }) => (isAsTold(component.slot) ? [] : [component.name])))
  const names = [inventory.agent.id, inventory.agent.name]
  const changes = inventory.changes(Infinity)
  return [...slots.values()].flatMap((versions): readonly Omit<DescriptionRow, 'key' | 'agent'>[] => {
    const ordered = versions.toSorted((a, b) => (seenAt(a) < seenAt(b) ? -1 : 1))
    const [now, before] = [ordered.at(-1), ordered.at(-2)]
    if (now === undefined) return []
    const { component, details } = now
    // The model was told what the server offers: one row is enough, unless the two changed apart.
    if (isAsTold(component.slot) && offered.has(component.name) && before === undefined) return []
    const server = details['server']?.[0] ?? '-'
    const [approval] = approvedOf(roster, names, server)
    const approved = approval?.tools.filter(({ name }) => name === component.name) ?? []
    const isApproved = approved.some(({ definition }) => definition === component.digest)
    const first = now.sights.loaded
    const by =
      first === undefined
        ? undefined
        : explained(
            {
              change: 'changed',
              kind: 'tool',
              name: component.name,
              when: { at: first.first, entry: first.firstEntry },
              proof: [],
              tools: [],
            },
            changes,
          ).by
    const isChanged = before !== undefined || (approved.length > 0 && !isApproved)
    return [
      {
        server,
        tool: component.name,
        ...(component.digest === undefined ? {} : { definition: component.digest }),
        state: isApproved
          ? 'approved'
          : approved.length > 0
            ? 'changed'
            : isAsTold(component.slot)
              ? 'as-told'
              : 'unapproved',
        isChanged,
        ...(first === undefined ? {} : { since: timeText(first.first), entry: first.firstEntry }),
        ...(!isChanged || before === undefined ? {} : textOf(reader, before, 'before')),
        ...textOf(reader, now, 'after'),
        ...(by?.author === undefined ? {} : { author: by.author }),
        ...(by?.approver === undefined ? {} : { approver: by.approver }),
        ...(by?.changeId === undefined ? {} : { changeId: by.changeId }),
        ...(approval === undefined ? {} : { approvedEntry: roster.decidedBy.get(approvalKey(approval))?.entry ?? 0 }),
      },
    ]
  })
}

/** Told to the model, and not listed by a server. */
function isAsTold(slot: string | undefined): boolean {
  return slot?.startsWith('tool-as-told:') === true
}

function seenAt({ sights }: Part): bigint {
  return sights.loaded?.first ?? 0n
}

/** Captured text: untrusted. */
function textOf(reader: LogReader, { component, sights }: Part, name: 'before' | 'after') {
  const entry = sights.loaded?.firstEntry
  const text = entry === undefined ? undefined : toolTextAt(reader, component, entry)
  return text?.state === 'captured' ? { [name]: text.description.slice(0, DESCRIPTION_CHARS) } : {}
}

/** Descriptions are shown to be compared: the longest that models are given have some thousand characters. */
const DESCRIPTION_CHARS = 20_000
