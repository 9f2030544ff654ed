import type { EventSummary } from '@holdfast/model'
import { CONTEXT_TEXTS } from './limits.ts'
import type { Material } from './material.ts'
import { itemVersions, type Roots } from './roots.ts'
import { broughtBy, textOf } from './texts.ts'

/** True for events that are an origin, or that told one again word for word. */
export function taintOf({ texts }: Material, roots: Roots): (event: EventSummary) => boolean {
  const ids = new Set<string>(roots.basis === 'deed' ? [] : [...roots.events, ...roots.again].map(({ id }) => id))
  const versions = itemVersions(roots.basis === 'deed' ? [] : roots.events)
  const digests = new Set(
    roots.basis === 'deed'
      ? []
      : roots.events.flatMap((event) => {
          const { body } = event
          const content = body.kind === 'memory' ? body.content : broughtBy(body)
          return content !== undefined && 'digest' in content ? [content.digest] : []
        }),
  )
  // Of the same text told again with something around it, the sentence tells.
  const said = new Map<string, boolean>()
  return (event) => {
    if (ids.has(event.id)) return true
    const { body } = event
    // A version before the one that is an origin may have the same words, with another weight.
    if (body.kind === 'context-item' && body.version !== undefined) {
      const known = versions.get(body.origin ?? body.uri ?? '')
      if (known !== undefined && known.size > 0) return known.has(body.version)
    }
    const content = body.kind === 'memory' ? body.content : broughtBy(body)
    if (content === undefined || !('digest' in content)) return false
    if (digests.has(content.digest)) return true
    const known = said.get(content.digest)
    if (known !== undefined) return known
    if (said.size >= CONTEXT_TEXTS) return false
    const full = texts.event(event)
    const text =
      full === undefined ? undefined : textOf(full.body.kind === 'memory' ? full.body.content : broughtBy(full.body))
    const isSaid = text !== undefined && roots.poison.some((one) => text.includes(one.text))
    said.set(content.digest, isSaid)
    return isSaid
  }
}
