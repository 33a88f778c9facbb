"""Schedules for GPUs: TVM's own rules, dlight, which bind loops to blocks and threads."""
