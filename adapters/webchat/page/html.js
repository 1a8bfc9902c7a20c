import htm from 'htm';
import { h } from 'preact';

/** Views are written as tagged templates: what browsers run is what stands in these files. */
export const html = htm.bind(h);
