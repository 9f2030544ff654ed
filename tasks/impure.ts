import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseSync } from 'oxc-parser'

/** Members that tell the time, draw a random number or tell of the machine; undefined for every member of the object. */
const MEMBERS: ReadonlyMap<string, ReadonlySet<string> | undefined> = new Map([
  ['Date', new Set(['now'])],
  ['Math', new Set(['random'])],
  ['performance', undefined],
  ['crypto', new Set(['randomUUID', 'getRandomValues'])],
  ['process', new Set(['env', 'hrtime', 'uptime', 'pid', 'cwd', 'platform'])],
])
const IMPORTED = new Set(['randomUUID', 'randomBytes', 'randomInt', 'performance', 'setTimeout', 'setImmediate'])

type Node = { readonly type: string; readonly start: number }

/** What in a source file makes its answer hang on something other than its arguments, each as `file:line what`. */
export function impuritiesIn(file: string, text: string): readonly string[] {
  const found: string[] = []
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    const what = 'type' in node && 'start' in node ? impurity(node as Node) : undefined // a node of the parser has both
    if (what !== undefined) found.push(`${file}:${text.slice(0, (node as Node).start).split('\n').length} ${what}`)
    for (const child of Object.values(node)) visit(child)
  }
  visit(parseSync(file, text).program)
  return found
}

function impurity(node: Node): string | undefined {
  switch (node.type) {
    case 'MemberExpression': {
      const [object, property] = [nameOf(node, 'object'), nameOf(node, 'property')]
      const members = MEMBERS.get(object)
      return MEMBERS.has(object) && (members === undefined || members.has(property))
        ? `${object}.${property}`
        : undefined
    }
    case 'NewExpression':
      return nameOf(node, 'callee') === 'Date' && isWithoutArguments(node) ? 'new Date()' : undefined
    case 'ImportSpecifier':
      return IMPORTED.has(nameOf(node, 'imported')) ? `import of ${nameOf(node, 'imported')}` : undefined
    default:
      return undefined
  }
}

function nameOf(node: object, field: string): string {
  const child: unknown = Object.entries(node).find(([name]) => name === field)?.[1]
  return typeof child === 'object' && child !== null && 'name' in child && typeof child.name === 'string'
    ? child.name
    : ''
}

function isWithoutArguments(node: object): boolean {
  return 'arguments' in node && Array.isArray(node.arguments) && node.arguments.length === 0
}

const RELATIVE = /^(?:import|export)(?! type)[^;]*?from '(\.{1,2}\/[^']+)'/gm

/** These files and every file that one of them imports, by relative paths and not for a type alone. Paths from `root`. */
export function importedBy(root: string, files: readonly string[]): readonly string[] {
  const found = new Set<string>()
  const waiting = [...files]
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (found.has(file) || !existsSync(join(root, file))) continue
    found.add(file)
    for (const [, path = ''] of readFileSync(join(root, file), 'utf8').matchAll(RELATIVE))
      waiting.push(join(dirname(file), path))
  }
  return [...found].toSorted()
}
