import type { PolicyArtifactWire } from '@holdfast/api'
import { TRANSPORT_NOT_KEPT } from '@holdfast/model'

type Line = Pick<PolicyArtifactWire['lines'][number], 'because' | 'reason'>

/** A line for a transport that nobody saw rests on the destination alone: that is said where a table cuts the reason off. */
export function becauseOf({ because, reason }: Line): string {
  return reason.includes(TRANSPORT_NOT_KEPT) ? `${because}, transport not kept` : because
}
