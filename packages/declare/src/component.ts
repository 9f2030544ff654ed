import { hash } from 'node:crypto'
import type { Component } from '@holdfast/model'
import { DETAIL_NAMES, TEXT_CHARACTERS } from './limits.ts'

/** A component as the inventory keeps it: its texts cut, with the slot that its kind has where it names none (I2). */
export function placed(component: Component): Component {
  const cut = (text: string): string => text.slice(0, TEXT_CHARACTERS).toWellFormed()
  const slot = component.slot ?? slotOf(component)
  return {
    kind: component.kind,
    name: cut(component.name),
    ...(component.version === undefined ? {} : { version: cut(component.version) }),
    ...(component.digest === undefined ? {} : { digest: component.digest }),
    ...(slot === undefined ? {} : { slot: cut(slot) }),
    details: Object.fromEntries(
      Object.entries(component.details)
        .slice(0, DETAIL_NAMES)
        .map(([name, value]) => [name.slice(0, 64), cut(value)]),
    ),
  }
}

/** What has no version and no digest says that the part is there and not which: it ends no other. */
function slotOf({ kind, name, version, digest, details }: Component): string | undefined {
  if (kind === 'model') return 'model'
  if (version === undefined && digest === undefined) return undefined
  switch (kind) {
    case 'tool':
      return `tool:${details['server'] ?? '-'}/${name}`
    case 'adapter':
    case 'prompt-template':
    case 'mcp-server':
    case 'skill':
    case 'runtime':
    case 'framework':
    case 'package':
    case 'image':
    case 'data-source':
      return `${kind}:${name}`
    case 'memory-store':
    case 'delegate':
    case 'endpoint':
    case 'identity':
      return undefined
  }
}

/** Names a component within its agent: the same for every sighting of the same thing, whoever tells of it. */
export function componentId({ kind, name, version, digest, slot, details }: Component): string {
  const identity = [kind, name, version ?? '', digest ?? '', slot ?? '', details['server'] ?? '']
  return hash('sha256', JSON.stringify(identity), 'hex').slice(0, 24)
}

/** True where nothing that both state differs: one may only say more of the same part. */
export function isCompatible(a: Component, b: Component): boolean {
  const isSame = (x: string | undefined, y: string | undefined): boolean =>
    x === undefined || y === undefined || x === y
  return a.kind === b.kind && a.name === b.name && isSame(a.version, b.version) && isSame(a.digest, b.digest)
}
