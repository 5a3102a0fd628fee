"""What is done to the program on purpose: sweeps that are killed, queues that fail, input that is damaged."""
