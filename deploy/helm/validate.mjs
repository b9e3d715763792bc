// Holds every object of the files against the schema of its API: Kubernetes' own, KEDA's, the Prometheus operator's.
// Strimzi's have none here; they are told as unchecked.
// Run where the packages lie, as deploy/helm/check does.
import {readFileSync} from 'node:fs';
import yaml from 'js-yaml';
const packages = {
  'monitoring.coreos.com/v1': '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1',
  'keda.sh/v1alpha1': '@kubernetes-models/keda/keda.sh/v1alpha1',
};
let checked = 0, unchecked = 0, faults = 0;
for (const file of process.argv.slice(2)) {
  for (const object of yaml.loadAll(readFileSync(file, 'utf8')).filter(each => each)) {
    if (object.apiVersion.startsWith('kafka.strimzi.io/')) {
      unchecked++;
      continue;
    }
    const {[object.kind]: Kind} = await import(packages[object.apiVersion] ?? `kubernetes-models/${object.apiVersion}`);
    try {
      new Kind(object).validate();
      checked++;
    } catch (e) {
      faults++;
      console.error(`${file}: ${object.kind} ${object.metadata.name}: ${e.message}`);
    }
  }
}
console.log(`${checked} objects valid, ${faults} not, ${unchecked} without a schema`);
process.exit(faults ? 1 : 0);
