import type { EventSummary } from '@holdfast/model'

/** The node of a socket that the agent tells of; of the kernel's connection there is another. */
export function socketNode({ id }: EventSummary): string {
  return `connection.${id}`
}
