import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Builds the C files of a folder into one program that needs no library and so opens none. Throws what gcc says. */
export function buildStaticProgram(folder: URL, output: string): void {
  const sources = readdirSync(folder).filter((name) => name.endsWith('.c'))
  const options = ['-D_GNU_SOURCE', '-static', '-O1', '-w', '-o', output]
  execFileSync('gcc', [...options, ...sources.map((name) => fileURLToPath(new URL(name, folder)))])
}
