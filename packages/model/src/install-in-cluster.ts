/** The image of the server, built and put where the cluster gets it: none is published. */
const IMAGE = [
  'REGISTRY=registry.example.com/team',
  'docker build -f deploy/Containerfile -t $REGISTRY/holdfast:0.1.0 . && docker push $REGISTRY/holdfast:0.1.0',
]

/** What installs a server in a cluster by its chart; deploy/README.md says the same. */
export const HELM_INSTALL = [
  ...IMAGE,
  'helm install holdfast deploy/helm/holdfast --namespace holdfast --create-namespace \\',
  '  --set image.repository=$REGISTRY/holdfast',
].join('\n')

/** The same without Helm. */
export const PLAIN_INSTALL = [
  ...IMAGE,
  'kubectl create namespace holdfast',
  'kubectl -n holdfast create secret generic holdfast-ingest --from-literal=token="$(openssl rand -hex 32)"',
  'sed "s#YOUR-REGISTRY#$REGISTRY#" deploy/kubernetes/holdfast.yaml | kubectl apply -f -',
].join('\n')
