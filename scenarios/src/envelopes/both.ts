/**
 * Runs two commands at once, in one network, to their ends: `node both.ts` with ENVELOPE_COMMANDS, JSON of a list of
 * `{command, env}`. Prints one line of JSON: for each its exit code and what it wrote.
 */
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { z } from 'zod'

const commandsSchema = z.array(z.strictObject({ command: z.array(z.string()), env: z.record(z.string(), z.string()) }))
const commands = commandsSchema.parse(JSON.parse(process.env['ENVELOPE_COMMANDS'] ?? '[]'))

console.log(JSON.stringify(await Promise.all(commands.map(ended))))

async function ended({ command: [program = '', ...args], env }: (typeof commands)[number]) {
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const code = new Promise<number | null>((done) => child.once('close', done))
  const [output, said] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { code: await code, output, said }
}
