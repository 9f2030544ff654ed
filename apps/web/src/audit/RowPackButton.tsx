import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { download } from '../data/client.ts'
import { exportFault } from '../data/export-fault.ts'
import { queries } from '../data/queries.ts'
import { roleObstacle } from '../response/may.ts'

/** Saves the row with all that it rests on. */
export function RowPackButton({ row }: { readonly row: string }) {
  const [state, setState] = useState<'idle' | 'working' | 'done' | 'failed'>('idle')
  const [why, setWhy] = useState('')
  const obstacle = roleObstacle(useQuery(queries.session()).data, 'analyst')
  const save = async (): Promise<void> => {
    setState('working')
    try {
      await download('exportAuditRow', { params: { row }, fileName: `${row.replace(/[^\w.-]+/g, '_')}.zip` })
      setState('done')
    } catch (error) {
      setWhy(exportFault(error))
      setState('failed')
    }
  }
  return (
    <>
      <button
        type="button"
        className="button"
        disabled={state === 'working' || obstacle !== undefined}
        title={
          obstacle ??
          (state === 'working' ? 'the pack is being made' : 'verifies without a server: holdfast audit verify PATH')
        }
        onClick={() => void save()}
      >
        {state === 'working' ? 'Making the pack …' : 'Export pack'}
      </button>
      <output className={state === 'failed' ? 'text-bad' : 'sr-only'}>
        {state === 'done' ? 'pack saved' : state === 'failed' ? why : ''}
      </output>
    </>
  )
}
