import { useState } from 'react'
import { download } from '../data/client.ts'

/** Saves the row with all that it rests on. */
export function RowPackButton({ row }: { readonly row: string }) {
  const [state, setState] = useState<'idle' | 'working' | 'done' | 'failed'>('idle')
  const save = async (): Promise<void> => {
    setState('working')
    try {
      await download('exportAuditRow', { params: { row }, fileName: `${row.replace(/[^\w.-]+/g, '_')}.zip` })
      setState('done')
    } catch {
      // The server's refusal is said beside the button; its log has the reason.
      setState('failed')
    }
  }
  return (
    <>
      <button
        type="button"
        className="button"
        disabled={state === 'working'}
        title={state === 'working' ? 'the pack is being made' : 'verifies without a server: holdfast audit verify PATH'}
        onClick={() => void save()}
      >
        {state === 'working' ? 'Making the pack …' : 'Export pack'}
      </button>
      <output className={state === 'failed' ? 'text-bad' : 'sr-only'}>
        {state === 'done' ? 'pack saved' : state === 'failed' ? 'the server refused the export' : ''}
      </output>
    </>
  )
}
