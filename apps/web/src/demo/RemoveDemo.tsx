import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { api } from '../data/client.ts'
import { queries } from '../data/queries.ts'
import { Untrusted } from '../text/Untrusted.tsx'

/** Asks once, then has the content of all demo data destroyed. */
export function RemoveDemo() {
  const { data: session } = useQuery(queries.session())
  const [isAsking, setAsking] = useState(false)
  const client = useQueryClient()
  const confirm = useRef<HTMLButtonElement>(null)
  const removal = useMutation({
    mutationFn: () => api.call('removeDemo'),
    onSuccess: () => client.invalidateQueries(),
  })
  useEffect(() => {
    if (isAsking) confirm.current?.focus()
  }, [isAsking])
  const may = session?.role === 'responder' || session?.role === 'admin'
  if (!isAsking)
    return (
      <button
        type="button"
        className="button"
        disabled={!may}
        title={may ? 'holdfast demo --remove' : 'takes the role responder'}
        onClick={() => setAsking(true)}
      >
        Remove
      </button>
    )
  return (
    <fieldset className="flex flex-wrap items-center gap-2">
      <legend className="sr-only">Remove demo data</legend>
      {removal.isError ? (
        <span role="alert" className="text-bad">
          <Untrusted text={removal.error.message} />
        </span>
      ) : (
        <span>Its content is destroyed; its leaves stay in the log.</span>
      )}
      <button
        ref={confirm}
        type="button"
        className="button button-primary"
        disabled={removal.isPending}
        onClick={() => removal.mutate()}
      >
        {removal.isPending ? 'Removing …' : 'Remove demo data'}
      </button>
      <button type="button" className="button" disabled={removal.isPending} onClick={() => setAsking(false)}>
        Keep
      </button>
    </fieldset>
  )
}
