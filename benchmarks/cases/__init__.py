"""One benchmark a module; its name is the module's and its ``measure(quick)`` gives the result."""
