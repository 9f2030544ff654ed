import { useMutation, useQuery } from '@tanstack/react-query'
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { api } from '../data/client.ts'
import { queries } from '../data/queries.ts'
import { inertLine } from '../text/inert.ts'
import { personWords } from '../text/person.ts'
import { Icon } from '../ui/Icon.tsx'

/** Who is signed in, as what, and signing out. */
export function SessionDialog({ onClose }: { readonly onClose: () => void }) {
  const { data: session } = useQuery(queries.session())
  const provider = useQuery(queries.signIn()).data?.provider
  const signOut = useMutation({
    mutationFn: () => api.call('endSession'),
    // Not by the router: nothing that was read in this session is to be seen after it.
    onSuccess: () => location.assign('/'),
  })
  return (
    <ModalOverlay isOpen isDismissable onOpenChange={onClose} className="scrim">
      <Modal className="dialog">
        <Dialog className="flex flex-col gap-3 p-5 outline-none">
          <div className="flex items-center">
            <Heading slot="title" className="text-lg font-semibold">
              {session === undefined ? 'Session' : `Signed in as ${inertLine(personWords(session.name))}`}
            </Heading>
            <button type="button" className="button button-quiet ml-auto" aria-label="Close" onClick={onClose}>
              <Icon name="close" />
            </button>
          </div>
          {session !== undefined && (
            <p className="text-soft">
              {session.role}
              {session.approves.length > 0 && `, approves as ${session.approves.join(' and ')}`}
            </p>
          )}
          <p className="text-soft">
            Signing out ends this session alone. The way back is{' '}
            {provider !== undefined && `${inertLine(provider.host)}, or with a token `}a new link:{' '}
            <code>holdfast accounts sign-in {session === undefined ? 'NAME' : inertLine(session.name)}</code>
          </p>
          {signOut.error !== null && (
            <p role="alert" className="note note-warn">
              {inertLine(signOut.error.message)}
            </p>
          )}
          <button
            type="button"
            className="button self-start"
            disabled={signOut.isPending}
            onClick={() => signOut.mutate()}
          >
            Sign out
          </button>
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
