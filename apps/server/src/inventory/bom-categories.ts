import type { BomRow } from '@holdfast/declare'
import { BOM_CATEGORY, type BomCategory } from '@holdfast/model'

/** Why a category may hold nothing: what would have shown it. */
const EMPTY: Readonly<Record<BomCategory, string>> = {
  models: 'no model call, prompt or manifest that names a model was recorded until then',
  'data-sources': 'no retrieval, memory access or declared source was recorded until then',
  'tools-and-integrations': 'no tool definition, tool call, MCP server or delegation was recorded until then',
  infrastructure: 'no start-up probe, kernel sensor, endpoint or package manifest told of any until then',
  identities: 'no call stated as whom it was made, and no audit log or manifest named an identity until then',
}

const CATEGORIES: readonly BomCategory[] = [...new Set(Object.values(BOM_CATEGORY))]

/** Rows by category, with what to say of one that holds none. */
export function categoriesOf(
  rows: readonly BomRow[],
): readonly { readonly category: BomCategory; readonly rows: readonly BomRow[]; readonly reason: string }[] {
  return CATEGORIES.map((category) => ({
    category,
    rows: rows.filter((row) => row.category === category),
    reason: EMPTY[category],
  }))
}
