import type { BomChangeWire } from '@holdfast/api'
import { inert } from '../../render/inert.ts'
import { VERSION } from '../../version.ts'

/** Changes of an inventory as SARIF 2.1.0, one result each: what a code host shows beside the change that brought them. */
export function sarifOf(agent: string, changes: readonly BomChangeWire[]): object {
  const rules = [...new Set(changes.map(ruleOf))].toSorted()
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'holdfast bom diff',
            version: VERSION,
            rules: rules.map((id) => ({ id, shortDescription: { text: `a ${id.replace('/', ' was ')}` } })),
          },
        },
        results: changes.map((change) => ({
          ruleId: ruleOf(change),
          level: 'warning',
          message: { text: unlinked(inert(messageOf(change))) },
          // No file: what changed is what the agent is made of, wherever it was changed.
          locations: [
            {
              logicalLocations: [
                { name: inert(change.name), fullyQualifiedName: inert(`${agent}/${change.kind}/${change.name}`) },
              ],
            },
          ],
          properties: { proof: change.proof, ...(change.when === undefined ? {} : { when: change.when }) },
        })),
      },
    ],
  }
}

/** A message of SARIF makes links of `[words](address)`, unless the brackets are escaped (2.1.0, 3.11.6). */
function unlinked(message: string): string {
  return message.replaceAll(/[\\[\]]/g, (sign) => `\\${sign}`)
}

function ruleOf({ kind, change }: BomChangeWire): string {
  return `${kind}/${change}`
}

function messageOf({ kind, name, change, before, after, tools, textBefore, textAfter }: BomChangeWire): string {
  const versions = [before, after]
    .map((side) => side?.version ?? side?.digest?.slice(0, 12))
    .filter((one) => one !== undefined)
  return [
    `${kind} ${name} ${change}`,
    ...(versions.length === 0 ? [] : [versions.join(' to ')]),
    ...(tools.length === 0 ? [] : [`tools: ${tools.join(', ')}`]),
    ...(textBefore === undefined || textAfter === undefined ? [] : ['its text is another']),
  ].join('; ')
}
