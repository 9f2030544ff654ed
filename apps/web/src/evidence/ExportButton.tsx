import { useState } from 'react'
import { download } from '../data/client.ts'
import type { Execution } from '../data/queries.ts'
import { useKey } from '../shell/use-key.ts'

/** Saves the evidence bundle of a conversation or an incident. */
export function ExportButton({ of: { kind, id } }: { readonly of: Execution }) {
  const [state, setState] = useState<'idle' | 'working' | 'done' | 'failed'>('idle')
  const save = async (): Promise<void> => {
    setState('working')
    try {
      const fileName = `${id.replace(/[^\w.-]+/g, '_')}.zip`
      if (kind === 'incident') await download('exportIncident', { params: { incident: id }, fileName })
      else await download('exportEvidence', { params: { conversation: id }, fileName })
      setState('done')
    } catch {
      // The server's refusal is said beside the button; its log has the reason.
      setState('failed')
    }
  }
  useKey('seal', () => void save(), kind === 'incident' && state !== 'working')
  return (
    <>
      <button
        type="button"
        className="button"
        disabled={state === 'working'}
        title={
          state === 'working' ? 'the bundle is being made' : 'verifies without a server: holdfast evidence verify PATH'
        }
        onClick={() => void save()}
      >
        {state === 'working' ? 'Making the bundle …' : 'Export bundle'}
      </button>
      <output className={state === 'failed' ? 'text-bad' : 'sr-only'}>
        {state === 'done' ? 'bundle saved' : state === 'failed' ? 'the server refused the export' : ''}
      </output>
    </>
  )
}
