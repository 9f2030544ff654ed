import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { routes } from '@holdfast/api'
import { canonicalJson, type PolicyArtifact } from '@holdfast/model'
import { CliError } from '../../../cli-error.ts'
import { POLICY_FILE_BYTES } from '../../../limits.ts'
import { inert } from '../../../render/inert.ts'
import type { Api } from '../../../server/api.ts'

const ID = /^[0-9a-f]{64}$/

/**
 * The artifacts that `--policy` names: of the server where it is an id, else of a file that holds one, a list of them, or an
 * object with `artifacts` as `policy generate --json` prints it. Throws {@link CliError}.
 */
export async function readArtifacts(
  named: string,
  where: { readonly cwd: string; readonly api: Api },
): Promise<readonly PolicyArtifact[]> {
  if (ID.test(named)) {
    // Only an id needs a server.
    const artifact: unknown = await where.api.call('getPolicyArtifact', { params: { artifact: named } })
    return [checked(artifact, named)]
  }
  return artifactsIn(readText(resolve(where.cwd, named)), named)
}

/** Untrusted text: every artifact in it must be whole, with the id of its own content. */
export function artifactsIn(text: string, name: string): readonly PolicyArtifact[] {
  let given: unknown
  try {
    given = JSON.parse(text)
  } catch (error) {
    throw new CliError('usage', `${name}: this is no JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
  const list = Array.isArray(given) ? (given as readonly unknown[]) : (listIn(given) ?? [given])
  if (list.length === 0) throw new CliError('usage', `${name}: holds no policy artifact`)
  return list.map((one) => checked(one, name))
}

function listIn(given: unknown): readonly unknown[] | undefined {
  if (typeof given !== 'object' || given === null || !('artifacts' in given)) return undefined
  return Array.isArray(given.artifacts) ? (given.artifacts as readonly unknown[]) : undefined
}

function checked(given: unknown, name: string): PolicyArtifact {
  const parsed = routes.getPolicyArtifact.response.safeParse(given)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const where = issue === undefined || issue.path.length === 0 ? 'it' : issue.path.join('.')
    throw new CliError('usage', `${name}: this is no policy artifact: ${where}: ${issue?.message ?? 'not understood'}`)
  }
  // Fields that the schema does not know would be of the id and of nothing else.
  const digest = hash('sha256', canonicalJson({ ...(given as object), id: undefined }))
  if (digest !== parsed.data.id)
    throw new CliError('usage', `${name}: the artifact ${parsed.data.id} was altered: its content has the id ${digest}`)
  return given as PolicyArtifact // of the schema, and whole by its id
}

function readText(file: string): string {
  try {
    const bytes = readFileSync(file)
    if (bytes.length <= POLICY_FILE_BYTES) return bytes.toString('utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new CliError('not-found', `--policy: no file ${inert(file)}`, {
        remedy: 'name a file of policy generate, or the whole id of a policy, of 64 digits',
      })
    }
    throw new CliError('usage', `--policy: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
  throw new CliError('usage', `${file}: a file of policies has at most ${POLICY_FILE_BYTES} bytes`)
}
