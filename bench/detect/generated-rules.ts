import type { RuleSource } from '@holdfast/detect'

/** A rule as Sigma writes it, and the same as a CEL expression over the same fields. */
export type GeneratedRule = { readonly source: RuleSource; readonly cel: string }

/**
 * So many rules in the proportions of public collections: most look for a program and words of its command line, then paths,
 * then actions of a cloud, then words of a tool's arguments. Every forty-seventh meets something in the corpus.
 */
export function generatedRules(count: number): readonly GeneratedRule[] {
  return Array.from({ length: count }, (_, n) => {
    const meets = n % 47 === 0
    const { category, selection, cel } = SHAPES[n % SHAPES.length]?.(n, meets) ?? command(n, meets)
    const text = `title: generated ${n}
id: ${n.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000
taxonomy: holdfast
level: low
logsource: { product: holdfast, category: ${category} }
detection:
  selection:
${selection.map((line) => `    ${line}`).join('\n')}
  condition: selection
`
    return { source: { name: `generated-${n}`, file: `generated-${n}/rule.yml`, text }, cel }
  })
}

type Shaped = { readonly category: string; readonly selection: readonly string[]; readonly cel: string }
type Shape = (n: number, meets: boolean) => Shaped

const command: Shape = (n, meets) => {
  const [binary, word] = meets ? [`/tool-${n % 200}`, '--verbose'] : [`/implant-${n}`, `--exfil-${n}`]
  return {
    category: 'kernel',
    selection: [`process.binary|endswith: '${binary}'`, `process.arguments|contains: '${word}'`],
    cel: `kind == "process" && has(process.binary) && process.binary.endsWith("${binary}") && has(process.arguments) && process.arguments.contains("${word}")`,
  }
}

const path: Shape = (n, meets) => {
  const part = meets ? `/out-${n % 9}.csv` : `/secrets-${n}/`
  return {
    category: 'kernel',
    selection: [`file.path|contains: '${part}'`],
    cel: `kind == "file" && has(file.path) && file.path.contains("${part}")`,
  }
}

const action: Shape = (n, meets) => {
  const [name, resource] = meets ? ['dynamodb:GetItem', ''] : [`iam:Change${n}`, `role-${n}`]
  return {
    category: 'authority',
    selection: [`api.action: '${name}'`, ...(resource === '' ? [] : [`api.resources|contains: '${resource}'`])],
    cel: `kind == "api-call" && has(api.action) && api.action == "${name}"${resource === '' ? '' : ` && api.resources.exists(r, r.contains("${resource}"))`}`,
  }
}

const argument: Shape = (n, meets) => {
  const part = meets ? `order ${n % 7}` : `needle-${n}`
  return {
    category: 'ai_agent',
    selection: [`tool.arguments|contains: '${part}'`],
    cel: `kind == "tool-call" && has(tool.arguments) && tool.arguments.contains("${part}")`,
  }
}

const SHAPES: readonly Shape[] = [command, command, command, command, command, path, path, path, action, argument]
