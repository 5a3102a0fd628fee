"""From a tagged mesh and phases to discrete fields, residuals and linear solves."""
