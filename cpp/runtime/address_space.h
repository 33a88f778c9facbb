// Makes the runner's addresses the same in every run.
#ifndef MUTATENN_RUNTIME_ADDRESS_SPACE_H_
#define MUTATENN_RUNTIME_ADDRESS_SPACE_H_

namespace mutatenn::runtime {

// Starts this executable again, with the same arguments, without address space randomisation. A
// mutant that reads beyond a local array finds pointers that the compiler keeps on the stack; read
// as numbers, random ones are NaN in some runs and not in others. Returns where addresses are fixed
// already, or where the system does not let a process fix them (seccomp filters of containers).
void FixAddresses(char** argv);

}  // namespace mutatenn::runtime

#endif  // MUTATENN_RUNTIME_ADDRESS_SPACE_H_
