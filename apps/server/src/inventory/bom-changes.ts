import type { BomChangeWire } from '@holdfast/api'
import { diffRows, type BomChange, type BomRow, type Mark } from '@holdfast/declare'
import type { LogReader } from '@holdfast/recorder'
import type { AgentInventory, Bom } from './bom.ts'
import { toolTextAt } from './tool-text.ts'
import { changeWire, componentWire, timeText } from './wire.ts'

export type BomChangesSources = {
  readonly reader: LogReader
  readonly inventory: AgentInventory
  /** How long the log was when it was asked of. */
  readonly size: number
}

/** What of an agent was loaded, changed or let go between two instants, with the texts of tools that changed. */
export function bomChanges(
  { reader, inventory, size }: BomChangesSources,
  { from, to }: { readonly from: bigint; readonly to: bigint },
): BomChangeWire[] {
  const parts = inventory.parts()
  const before = inventory.at({ at: from, size }, parts)
  const after = inventory.at({ at: to, size }, parts)
  const byId = new Map(before.stands.map((stand) => [stand.part.id, stand]))
  const unloaded = new Map(after.stands.map((stand) => [stand.part.id, stand.unloaded]))
  const changes = diffRows({
    before: before.rows,
    after: after.rows,
    nextAfter: (id) => byId.get(id)?.next,
    unloaded: (id) => {
      const mark = unloaded.get(id)
      return mark === undefined || mark.at <= from ? undefined : mark
    },
    passing: passingOf(before, after),
    changes: inventory.changes(size),
  })
  return changes.map((change) => wireOf(reader, change, { before, after }))
}

function wireOf(
  reader: LogReader,
  change: BomChange,
  { before, after }: { readonly before: Bom; readonly after: Bom },
): BomChangeWire {
  const textOf = (bom: Bom, component: BomChange['before']) => {
    if (component?.kind !== 'tool' || component.digest === undefined) return undefined
    const row = bom.rows.find(
      (one) => one.component.digest === component.digest && one.component.name === component.name,
    )
    return row?.loaded === undefined ? undefined : toolTextAt(reader, component, row.loaded.firstEntry)
  }
  const [textBefore, textAfter] = [textOf(before, change.before), textOf(after, change.after)]
  return {
    change: change.change,
    kind: change.kind,
    name: change.name,
    ...(change.before === undefined ? {} : { before: componentWire(change.before) }),
    ...(change.after === undefined ? {} : { after: componentWire(change.after) }),
    ...(change.when === undefined ? {} : { when: timeText(change.when.at) }),
    proof: [...change.proof],
    tools: [...change.tools],
    ...(change.by === undefined ? {} : { by: changeWire(change.by) }),
    ...(change.change !== 'changed' || textBefore === undefined ? {} : { textBefore }),
    ...(change.change !== 'changed' || textAfter === undefined ? {} : { textAfter }),
  }
}

/** Seen between the two instants, and part of neither. */
function passingOf(
  before: Bom,
  after: Bom,
): readonly { readonly id: string; readonly component: BomRow['component']; readonly first: Mark }[] {
  const known = new Set([...before.rows, ...after.rows].flatMap(({ id, also }) => [id, ...also]))
  const earlier = new Map(before.stands.map((stand) => [stand.part.id, stand]))
  return after.stands.flatMap(({ part, loaded, called }) => {
    if (known.has(part.id) || (loaded === undefined && called === undefined)) return []
    const first = earlier.get(part.id)?.next
    return first === undefined || !hasTrailAfter({ loaded, called }, first.at)
      ? []
      : [{ id: part.id, component: part.component, first }]
  })
}

function hasTrailAfter(
  {
    loaded,
    called,
  }: { readonly loaded: Bom['stands'][number]['loaded']; readonly called: Bom['stands'][number]['called'] },
  at: bigint,
): boolean {
  return [loaded, called].some((trail) => trail !== undefined && trail.last.at >= at)
}
