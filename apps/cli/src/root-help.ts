/** The text of `holdfast --help`: examples first, then every command. */
export function rootHelp(commands: readonly (readonly [name: string, brief: string])[]): string {
  const width = Math.max(...commands.map(([name]) => name.length))
  const list = commands.map(([name, brief]) => `  ${name.padEnd(width)}  ${brief}`)
  return `${[...EXAMPLES, '', 'COMMANDS', ...list, '', ...REST].join('\n')}\n`
}

const EXAMPLES = [
  'Holdfast records what AI agents really do, joins it into one graph, and proves that nobody changed it.',
  '',
  'EXAMPLES',
  '  holdfast up                                run the server on .holdfast, loopback only',
  '  holdfast demo                              four incidents, by real agents, into it',
  '  holdfast run -- node agent.js              run one, and see what it does',
  '  holdfast agents                            who was heard',
  '  holdfast tail --agent support-desk         what one of them does now',
  '  holdfast graph 4bf92f35                    what one prompt set off',
  '  holdfast readers q3-sales-report           every execution that read a document',
  '  holdfast incidents list                    what happened that somebody must look at',
  '  holdfast diagnose --agent support-desk     five questions, answered from the log',
  '  holdfast evidence export 4bf92f35 --out case.zip',
  '  holdfast evidence verify case.zip          check it anywhere, without a server',
]

const REST = [
  'Every command: --help, with its examples. Lists: -o table|wide|json|ndjson|yaml|csv|md; --json is -o json.',
  'The server is the one of --data DIR, else of HOLDFAST_URL and HOLDFAST_TOKEN, else of the nearest .holdfast.',
  'Exit: 0 done, 1 a check failed, 2 wrong usage, 3 partial, 4 not found, 5 denied, 6 conflict, 69 no server,',
  '75 try again later, 130 interrupted.',
]
