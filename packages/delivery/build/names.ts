export const buildSchema = 'sluice.build-gate.v1';
export const emptyBuildOutputs = {
  image: '',
  digest: '',
  sbom: '',
  findings: '',
  unmatched: '',
  sarif: '',
} as const;
