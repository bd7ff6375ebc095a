import type { Place } from './change.ts';

/** A place as a person names it: `Deployment/payments/payments-api container app`, `images[name=nginx].newTag`, `image.tag`. */
export function describePlace(place: Place): string {
  switch (place.type) {
    case 'container': {
      const object = [place.kind, place.namespace, place.name].filter((part) => part !== undefined).join('/');
      const role = {
        containers: 'container',
        initContainers: 'init container',
        ephemeralContainers: 'ephemeral container',
      };
      return `${object} ${role[place.list]} ${place.container}`;
    }
    case 'kustomize-image':
      return `images[name=${place.name}].${place.field}`;
    case 'helm-value':
      return place.path;
    case 'json-patch': {
      const target = place.target === undefined ? '' : ` of ${place.target}`;
      return [`patch${target}`, place.pointer, place.path].filter((part) => part !== '').join(' ');
    }
    case 'object-value': {
      const object = [place.kind, place.namespace, place.name].filter((part) => part !== undefined).join('/');
      return `${object} ${place.path}${place.within === undefined ? '' : ` ${place.within}`}`;
    }
    case 'value':
      return place.document === 0 ? place.path : `#${place.document} ${place.path}`;
  }
}
