import { sensitivePrefixes } from '@holdfast/model'
import type { Loader } from '../loader/start-loader.ts'

/** Has the kernel tell every use of files that matter, reads as well; a kernel that cannot is no reason not to start. */
export async function tellSensitive(loader: Pick<Loader, 'send'>, say: (line: string) => void): Promise<void> {
  const refused: string[] = []
  for (const prefix of sensitivePrefixes()) {
    const { ok, error = 'refused' } = await loader.send('sensitive', 'add', prefix)
    if (!ok) refused.push(`${prefix} (${error})`)
  }
  if (refused.length > 0) say(`reads of these are not told: ${refused.join(', ')}`)
}
