// The same from C++: the headers are valid C++ and the names are C names.
#include <frame/version.h>

#include <iostream>

int main()
{
    std::cout << "libframe " << fr_version() << "\n";
}
