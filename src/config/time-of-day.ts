import { z } from 'zod';

/** A time of day as people write it; in minutes after midnight once parsed. */
export const timeOfDay = z
  .string()
  .regex(/^([01]?\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as "04:00"')
  .transform((written) => {
    const [hours, minutes] = written.split(':').map(Number) as [number, number];
    return hours * 60 + minutes;
  })
  .meta({ examples: ['04:00'] });
