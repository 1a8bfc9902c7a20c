/**
 * What stands before a message whose first attempt may have arrived, after the sign ↻ and in whatever the platform has for
 * a remark: all channels say the same.
 */
export const SENT_AGAIN = 'sent again after an interruption';
