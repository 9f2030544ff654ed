export { printableJson as jsonText } from '@holdfast/model'
