import type { ToolDefinitionWire } from '@holdfast/api'
import { catalogueDigest } from '@holdfast/capture'
import type { ApprovedTools } from '@holdfast/model'

/** What the servers of an agent offer now, by server, as an approval names it. */
export function approvable(
  agent: string,
  items: readonly ToolDefinitionWire[],
  server: string | undefined,
): readonly ApprovedTools[] {
  const offered = items.filter((item) => server === undefined || item.server === server)
  return [...Map.groupBy(offered, (item) => item.server)].flatMap(([name, own]) => {
    const tools = own.flatMap(({ tool, definition }) => (definition === undefined ? [] : [{ name: tool, definition }]))
    return tools.length === 0 ? [] : [{ agent, server: name, catalogue: catalogueDigest(tools), tools }]
  })
}
